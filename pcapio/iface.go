package pcapio

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// The options of an interface that matter here (pcapng specification, section 4.2).
const (
	optIfName   = 2
	optTsResol  = 9
	optTsOffset = 14

	// maxName bounds the memory for names; longer ones are cut.
	maxName = 255
)

// An iface is an interface of a pcapng section.
type iface struct {
	linkType int
	snapLen  uint32 // 0 means no limit
	name     string

	rate   uint64 // units of time per second
	offset int64  // seconds to add

	// For the usual rates, without an offset, a unit is unit nanoseconds and
	// times up to limit units are in range. Else unit is 0.
	unit, limit uint64
}

// addIface notes an interface.
func (r *Reader) addIface(b []byte) error {
	if len(b) < minInterface {
		return r.fail(fmt.Errorf("interface block of %d bytes, at least %d", len(b), minInterface))
	}
	if len(r.ifaces) == maxIfaces {
		return r.fail(fmt.Errorf("more than %d interfaces", maxIfaces))
	}
	f := iface{linkType: int(r.u16(b[8:])), snapLen: r.u32(b[12:]), rate: 1e6}
	if err := r.ifaceOptions(&f, b[16:len(b)-4]); err != nil {
		return r.fail(err)
	}
	f.prepare()
	r.ifaces = append(r.ifaces, f)
	if r.first.LinkType < 0 {
		r.first.LinkType = f.linkType
		r.first.SnapLen = int(f.snapLen)
		r.first.Nano = f.rate > 1e6
	}
	r.pos += len(b)
	return nil
}

// ifaceOptions reads an interface's name and what its times mean.
func (r *Reader) ifaceOptions(f *iface, b []byte) error {
	for len(b) > 0 {
		code, v, rest, err := r.option(b)
		if err != nil {
			return err
		}
		switch {
		case code == optEnd:
			return nil
		case code == optIfName:
			v = v[:min(len(v), maxName)]
			f.name = strings.TrimRight(string(v), "\x00")
		case code == optTsResol && len(v) == 1:
			if f.rate, err = tsRate(v[0]); err != nil {
				return err
			}
		case code == optTsOffset && len(v) == 8:
			f.offset = int64(r.u64(v))
		}
		b = rest
	}
	return nil
}

// tsRate is how many units a second has under an if_tsresol: a power of 2 if
// the upper bit is set, else of 10. It is 1 at least and fits 64 bits.
func tsRate(v byte) (uint64, error) {
	n := v &^ 0x80
	switch {
	case v >= 0x80 && n < 64:
		return 1 << n, nil
	case v < 0x80 && n < 20:
		rate := uint64(1)
		for range n {
			rate *= 10
		}
		return rate, nil
	}
	return 0, fmt.Errorf("time resolution %#02x is out of range", v)
}

// prepare finds out whether times can be had by one multiplication.
func (f *iface) prepare() {
	if f.offset == 0 && f.rate <= second && second%f.rate == 0 {
		f.unit = second / f.rate
		f.limit = math.MaxInt64 / f.unit
	}
}

// nanos converts a time of the file to nanoseconds since 1970.
func (f *iface) nanos(t uint64) int64 {
	if f.unit != 0 && t <= f.limit {
		return int64(t * f.unit)
	}
	return f.slowNanos(t)
}

// slowNanos is nanos for any rate and offset. What does not fit is moved to
// the nearest that does.
func (f *iface) slowNanos(t uint64) int64 {
	hi, lo := bits.Mul64(t%f.rate, second)
	frac, _ := bits.Div64(hi, lo, f.rate) // below one second
	sec := addSat(clamp(t/f.rate), f.offset)
	const limit = math.MaxInt64 / second
	switch {
	case sec >= limit:
		return math.MaxInt64
	case sec < -limit:
		return math.MinInt64
	}
	return sec*second + int64(frac)
}

func clamp(v uint64) int64 { return int64(min(v, math.MaxInt64)) }

// addSat adds b to a, which is not negative.
func addSat(a, b int64) int64 {
	if b > math.MaxInt64-a {
		return math.MaxInt64
	}
	return a + b
}
