package main

import (
	"fmt"
	"slices"
	"strings"

	"pkl/core"
)

// A picture draws a header as RFCs do: 32 bits in a row, two columns for each.
type picture struct {
	cells []cell
}

// A cell is a run of bits with one name.
type cell struct {
	name  string
	bits  int  // 0: as many as there are
	maybe bool // present under a condition
	fresh bool // begins a row: it stands in the place of one before
}

const (
	rowBits  = 32
	mostBits = 4 * rowBits // a longer field is drawn like one of any size
)

// drawFields returns the picture of fields, or nothing if there are none.
func drawFields(fields []core.Field, body bool, footer []core.Field) string {
	var p picture
	p.fields(fields)
	if body {
		p.cells = append(p.cells, cell{name: "body"})
		p.fields(footer)
	}
	if len(p.cells) == 0 {
		return ""
	}
	return p.draw()
}

func (p *picture) fields(fields []core.Field) {
	for i := 0; i < len(fields); i++ {
		f := &fields[i]
		if f.Get != "" || f.Part != "" || f.Kind == core.Pad {
			continue
		}
		if f.Kind == core.Number && f.LSB {
			n := lsbRun(fields[i:])
			for _, g := range slices.Backward(fields[i : i+n]) {
				p.field(&g)
			}
			i += n - 1
			continue
		}
		p.field(f)
	}
}

// lsbRun counts the fields that share whole bytes counted from the least
// significant bit: on paper the last of them comes first.
func lsbRun(fields []core.Field) int {
	bits := 0
	for i := range fields {
		if !fields[i].LSB {
			return max(i, 1)
		}
		if bits += fields[i].Bits; bits%8 == 0 {
			return i + 1
		}
	}
	return len(fields)
}

func (p *picture) field(f *core.Field) {
	c := cell{name: f.Name, bits: fieldBits(f), maybe: f.When != ""}
	switch {
	case c.bits == 0 && f.Kind == core.List:
		c.name += " …"
	case c.bits > mostBits:
		c.name, c.bits = fmt.Sprintf("%s (%d bytes)", c.name, c.bits/8), 0
	case c.bits == 0:
		c.name += " (" + kindText(f) + ")"
	case f.LE && c.bits > 8:
		c.name += " (le)"
	}
	if c.maybe {
		c.name += " ?"
		c.fresh = slices.ContainsFunc(p.cells, func(o cell) bool { return o.name == c.name })
	}
	if len(f.Flags) > 0 {
		p.flags(f, c)
		return
	}
	p.cells = append(p.cells, c)
}

// flags draws the named bits of a number each for itself.
func (p *picture) flags(f *core.Field, c cell) {
	if n := f.Bits - len(f.Flags); n > 0 {
		p.cells = append(p.cells, cell{bits: n, maybe: c.maybe})
	}
	for _, name := range f.Flags {
		last := len(p.cells) - 1
		if name == "" && last >= 0 && p.cells[last].name == "" {
			p.cells[last].bits++
			continue
		}
		p.cells = append(p.cells, cell{name: name, bits: 1, maybe: c.maybe})
	}
}

// fieldBits is the width of a field, 0 if it varies.
func fieldBits(f *core.Field) int {
	switch f.Kind {
	case core.Number:
		return f.Bits
	case core.MAC:
		return 48
	case core.IP4:
		return 32
	case core.IP6:
		return 128
	case core.Bytes, core.Text:
		var n int
		if _, err := fmt.Sscanf(f.Size+"\n", "%d\n", &n); err == nil {
			return n * 8
		}
	}
	return 0
}

// A bitRow is up to 32 bits: which cell each belongs to.
type bitRow struct {
	cell []int
	open bool // of a cell of any size
}

// draw lays the cells out in rows.
func (p *picture) draw() string {
	rows := p.rows()
	var b strings.Builder
	b.WriteString(" 0                   1                   2                   3\n")
	b.WriteString(" 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1\n")
	b.WriteString(ruler(nil, &rows[0]))
	named := map[int]bool{}
	for i := range rows {
		p.row(&b, &rows[i], named)
		var next *bitRow
		if i+1 < len(rows) {
			next = &rows[i+1]
		}
		b.WriteString(ruler(&rows[i], next))
	}
	return b.String()
}

// rows cuts the cells into rows. A cell of any size takes the rest of a row,
// or a row of its own.
func (p *picture) rows() (rows []bitRow) {
	var r bitRow
	flush := func() {
		if len(r.cell) > 0 {
			rows = append(rows, r)
			r = bitRow{}
		}
	}
	for i, c := range p.cells {
		if c.fresh {
			flush()
		}
		if c.bits == 0 {
			if len(r.cell) > rowBits/2 {
				flush()
			}
			for len(r.cell) < rowBits {
				r.cell = append(r.cell, i)
			}
			r.open = true
			flush()
			continue
		}
		for range c.bits {
			if r.cell = append(r.cell, i); len(r.cell) == rowBits {
				flush()
			}
		}
	}
	flush()
	return rows
}

// ruler is the line between two rows. Where a cell goes on, it is open.
func ruler(above, below *bitRow) string {
	width := 0
	for _, r := range []*bitRow{above, below} {
		if r != nil {
			width = max(width, len(r.cell))
		}
	}
	at := func(r *bitRow, i int) int {
		if r == nil || i < 0 || i >= len(r.cell) {
			return -1
		}
		return r.cell[i]
	}
	through := func(i int) bool { return at(above, i) >= 0 && at(above, i) == at(below, i) }
	line := "+"
	for i := range width {
		switch {
		case !through(i):
			line += "-+"
		case i+1 < width && through(i+1):
			line += "  "
		default:
			line += " +"
		}
	}
	return line + "\n"
}

// row writes the lines of a row: as many as its narrowest name needs.
func (p *picture) row(b *strings.Builder, r *bitRow, named map[int]bool) {
	type box struct {
		room  int
		lines []string
	}
	var boxes []box
	height := 1
	for i := 0; i < len(r.cell); {
		n := i
		for n < len(r.cell) && r.cell[n] == r.cell[i] {
			n++
		}
		x := box{room: 2*(n-i) - 1}
		if id := r.cell[i]; !named[id] && p.bestRow(id, n-i) {
			named[id] = true
			x.lines = wrapName(p.cells[id].name, x.room)
		}
		height = max(height, len(x.lines))
		boxes = append(boxes, x)
		i = n
	}
	side := "|"
	if r.open {
		side = "/"
	}
	for line := range height {
		b.WriteString(side)
		for i, x := range boxes {
			text := ""
			if line < len(x.lines) {
				text = x.lines[line]
			}
			left := (x.room - len([]rune(text))) / 2
			b.WriteString(strings.Repeat(" ", left) + text + strings.Repeat(" ", x.room-left-len([]rune(text))))
			if i == len(boxes)-1 {
				b.WriteString(side)
			} else {
				b.WriteString("|")
			}
		}
		b.WriteString("\n")
	}
}

// bestRow reports whether so many bits are the most that a cell has in a row.
func (p *picture) bestRow(id, bits int) bool {
	c := p.cells[id]
	return c.bits == 0 || bits == rowBits || bits*2 >= min(c.bits, rowBits)
}

// wrapName breaks a name into lines of so many columns.
func wrapName(name string, room int) (lines []string) {
	if room < 4 {
		name = strings.TrimSuffix(name, " ?")
	}
	text := []rune(name)
	for len(text) > room {
		lines, text = append(lines, string(text[:room])), text[room:]
	}
	return append(lines, string(text))
}
