// Package nfq takes packets out of the kernel's netfilter queues (NFQUEUE) and
// gives verdicts on them.
//
// A Queue is bound and configured by github.com/florianl/go-nfqueue; the packets
// themselves move in batches over its netlink connection: many with one
// recvmmsg, the verdicts of a batch with one write, runs of equal verdicts as
// one message.
//
// It needs Linux and CAP_NET_ADMIN, as long as verdicts are given; a rule such as
//
//	iptables -I INPUT -p icmp -j NFQUEUE --queue-num 0 --queue-bypass
//
// sends packets to queue 0. The package deals in bytes: it knows nothing of
// protocols or scripts.
package nfq
