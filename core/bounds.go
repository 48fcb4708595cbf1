package core

import "slices"

// What a protocol, or an item, says of its own bounds.

// protoExprs compiles the words of a protocol.
func (c *compiler) protoExprs(p *Proto) {
	s := p.Spec
	c.protoSize(p, &p.hdr, s.Header, "header", c.scopeOf(p), ruleHeaderLen)
	c.protoSize(p, &p.all, s.Len, "len", c.scopeOf(p), ruleTotalLen)
	if !p.all.given() {
		c.impliedBody(p)
	}
	for _, w := range []struct {
		src, word string
		to        *cond
	}{{s.Stop, "stop", &p.stop}, {s.Check, "check", &p.check}, {s.Pieces, "pieces", &p.pieces}} {
		if w.src == "" {
			continue
		}
		fn, deps, err := c.compileCond(w.src, c.scopeOf(p))
		if err != nil {
			c.wrongIn(s.Pos, p.Name, w.word, err)
		}
		*w.to = fn
		c.needs(deps)
	}
	c.replyExprs(p)
	for i := range p.number {
		if k := &p.number[i]; k.fillSrc != "" {
			scope := c.scopeOf(p)
			scope.fill = true
			fn, deps, err := c.compileNum(k.fillSrc, scope)
			if err != nil {
				c.wrongIn(s.Pos, p.Name, "over "+k.table.name+": fill", err)
			}
			k.fill, p.fillDeps = fn, append(p.fillDeps, deps...)
		}
	}
}

// protoSize compiles header or len; without one, a field that is derived from it says it.
func (c *compiler) protoSize(p *Proto, to *size, src, word string, sc *scope, kind ruleKind) {
	if src == "" {
		for _, s := range p.head.Slots {
			if s.rule != nil && s.rule.kind == kind && s.Alt == nil {
				*to = inverse(s)
				c.mark(s)
				return
			}
		}
		return
	}
	if n, ok := c.constNum(src); ok {
		to.konst = int(n)
		if n <= 0 || n > 1<<24 {
			c.fail(p.Spec.Pos, p.Name, "%s: %d bytes (1 to %d)", word, n, 1<<24)
		}
		return
	}
	fn, deps, err := c.compileNum(src, sc)
	if err != nil {
		c.wrongIn(p.Spec.Pos, p.Name, word, err)
		return
	}
	to.fn = fn
	c.needs(deps)
	if tree, err := c.parse(src); err == nil {
		if ln, ok := p.head.linear(tree); ok && ln.slot != nil {
			if lin := ln.size(); lin.slot != nil {
				*to = lin
			}
		}
	}
}

// inverse is the size that a length field tells: bytes = (value - bias) * unit.
func inverse(s *Slot) size {
	return size{slot: s, mul: s.rule.unit, add: -s.rule.bias * s.rule.unit}
}

// impliedBody bounds a layer by a field that holds the length of its body.
func (c *compiler) impliedBody(p *Proto) {
	for _, s := range p.head.Slots {
		if s.rule == nil || s.rule.kind != ruleBodyLen {
			continue
		}
		c.mark(s)
		p.all = size{slot: s, mul: s.rule.unit, add: -s.rule.bias * s.rule.unit, behind: true}
		return
	}
}

// itemBounds finds type and length of an item, and the size they tell.
func (c *compiler) itemBounds(ls *layoutScope) {
	l := ls.layout
	if ls.list == nil {
		return
	}
	measured := ls.src.Len != "" || slices.ContainsFunc(l.Slots, (*Slot).measuresItem)
	for _, s := range l.Slots {
		switch {
		case s == l.by || s.measuresItem():
			l.head = s.behindWord()
		case !measured && s.rule != nil && s.rule.isLen() && s.rule.kind == ruleExpr && dependsOnSize(s.rule.deps):
			l.head = s.behindWord()
		}
		if s.measuresItem() && ls.src.Len == "" {
			l.all, l.behind = inverse(s), s.rule.kind == ruleBodyLen
			c.mark(s)
		}
	}
	if ls.src.Len == "" {
		return
	}
	fn, deps, err := c.compileNum(ls.src.Len, c.scope(ls, len(l.Slots)))
	if err != nil {
		l.broken = true
		c.wrongIn(l.pos, l.path, "len", err)
		return
	}
	l.all = size{fn: fn}
	for _, d := range deps {
		if d.slot != nil && d.slot.layout == l {
			l.head = max(l.head, d.slot.behindWord())
		}
	}
	c.needs(deps)
}

// measuresItem reports whether s tells how long the whole item around it is.
func (s *Slot) measuresItem() bool {
	return s.rule != nil && (s.rule.kind == ruleTotalLen || s.rule.kind == ruleHeaderLen || s.rule.kind == ruleBodyLen)
}

func dependsOnSize(deps []dep) bool {
	return slices.ContainsFunc(deps, func(d dep) bool { return d.how == useSize })
}

// implied reports bytes without a bound that are not the last field.
func (c *compiler) implied(l *Layout) {
	var open *Slot
	for _, s := range l.Slots {
		if s.Get != "" || s.part != nil {
			continue
		}
		if open != nil && s.When == "" && open.When == "" {
			c.failAt(open, "only the last field may take the rest; give it a size, a count or a stop")
			return
		}
		if s.takesRest() {
			open = s
		}
	}
}

// takesRest reports whether the end of the field is that of what it is part of.
func (s *Slot) takesRest() bool {
	return (s.Kind == Bytes || s.Kind == Text) && s.Get == "" && s.Size == "" && s.Until == "" ||
		s.Kind == List && s.Size == "" && s.Count == "" && s.Last == "" && !s.closes && s.Closed == nil
}
