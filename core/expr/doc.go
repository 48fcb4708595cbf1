// Package expr is the syntax of pkl's expression language, which specs use
// for sizes and conditions and filters use to choose packets:
//
//	(ihl - 5) * 4
//	tcp.dport == 443 and ip.src in 10.0.0.0/8
//
// [Parse] turns source into a tree of nodes, [Format] prints a tree back as
// source and [Walk] visits it. Names and types mean nothing here: package core
// resolves them against its registry and compiles the tree.
//
// # Binding, tightest first
//
//	-x   x[…]             sign and slices
//	* / %
//	+ -
//	<< >>
//	&
//	|
//	== != < <= > >= in contains matches     not chained
//	not !
//	and &&
//	or ||
//
// # What bounds a tree
//
// Source is hostile until read. It has at most [MaxSource] bytes and nests at
// most [MaxNesting] levels of parentheses, brackets, calls, signs and nots.
// Chains of operators (a or b or c …) and of slices lean to the left without
// nesting, so a tree may be as deep on that side as its source is long.
package expr
