package core

import "fmt"

// The bytes that a field begins with, given or not.

func (s *Slot) initialNum(v any, raw bool) (uint64, error) {
	if raw {
		t, ok := asBytes(v)
		if !ok || len(t) != s.Bits/8 {
			return 0, fmt.Errorf("%s_raw: need %d bytes", s, s.Bits/8)
		}
		if s.Digits {
			if string(t) != string(appendDigits(nil, getDigits(t, len(t)), len(t))) {
				return 0, fmt.Errorf("%s_raw: %q are no digits", s, t)
			}
			return getDigits(t, len(t)), nil
		}
		if s.LE {
			return getLE(t, len(t)), nil
		}
		return getBE(t, len(t)), nil
	}
	if v == nil {
		return 0, nil
	}
	e, err := s.encode(v)
	if err != nil {
		return 0, err
	}
	return e.(uint64), nil
}

// bytes returns the bytes of a field that is not a number.
func (b *builder) bytes(s *Slot, v any, raw bool) ([]byte, error) {
	if q, ok := v.(*Packet); ok && s.Kind == Bytes {
		q.Update()
		v = q.buf
	}
	if v == nil {
		if s.isShortAddr() && s.Default == nil && !s.sizeDerived() {
			return b.p.shorten(b.id, s, make([]byte, s.addrSize()))
		}
		if s.width < 0 && s.size != nil && !s.sizeFollows() {
			if n, ok := b.p.eval(s.size, b.id); ok && n >= 0 && n < 1<<16 {
				return make([]byte, n), nil
			}
		}
		return s.initial()
	}
	t, err := s.given(v, raw)
	if _, isText := v.(string); err == nil && isText && !raw {
		t, err = b.p.shorten(b.id, s, t)
	}
	if err == nil && s.size != nil && s.konst < 0 {
		err = b.p.sizeAllowed(b.id, s, len(t))
	}
	if err == nil && s.endsEarly(t) {
		err = fmt.Errorf("%s: the value holds its own end %q", s, s.Until)
	}
	return t, err
}

// given returns the bytes of a value that is given as it is, or as it is on the wire.
func (s *Slot) given(v any, raw bool) ([]byte, error) {
	t, ok := asBytes(v)
	if !raw || !ok {
		return s.encodeBytes(v)
	}
	if s.width >= 0 && len(t)*8 != s.width {
		return nil, fmt.Errorf("%s: need %d bytes, have %d", s, s.width/8, len(t))
	}
	return t, nil
}

// initial returns the bytes a field has when nothing is given.
func (s *Slot) initial() ([]byte, error) {
	if s.Default != nil && s.Kind != Number {
		return s.encodeBytes(s.Default)
	}
	switch {
	case s.Kind == Number:
		return initialOf([]*Slot{s})
	case s.width >= 0:
		return make([]byte, s.width/8), nil
	case s.Trim != nil:
		return []byte(s.Trim[0] + s.Trim[1]), nil
	case s.Kind == Name:
		return []byte{0}, nil
	}
	return nil, nil
}

// initialOf returns the bytes that a field, or a run of bit fields, has when
// nothing is given.
func initialOf(run []*Slot) ([]byte, error) {
	if run[0].Kind != Number {
		return run[0].initial()
	}
	n := 0
	for _, s := range run {
		n += s.Bits
	}
	if n%8 != 0 {
		return nil, fmt.Errorf("%s is not whole bytes", run[0])
	}
	b := make([]byte, n/8)
	at := 0
	for _, s := range run {
		v, err := s.initialNum(s.Default, false)
		if err != nil {
			return nil, err
		}
		s.setBits(b, at, v)
		at += s.Bits
	}
	return b, nil
}
