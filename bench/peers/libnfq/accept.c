/* Accepts all packets of a netfilter queue blindly, as fast as the classic interface of libnetfilter_queue does it: one
 * packet a recv, one verdict a packet. Prints "ready" when the queue is bound.
 *
 *	accept QUEUE LENGTH [gso]
 *
 * With gso, large packets come whole.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <libnfnetlink/libnfnetlink.h>

static int judge(struct nfq_q_handle *queue, struct nfgenmsg *msg, struct nfq_data *packet, void *data)
{
	struct nfqnl_msg_packet_hdr *header = nfq_get_msg_packet_hdr(packet);

	(void)msg;
	(void)data;
	return header ? nfq_set_verdict(queue, ntohl(header->packet_id), NF_ACCEPT, 0, NULL) : 0;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	static char buf[0xffff + 4096] __attribute__((aligned));
	struct nfq_handle *h;
	struct nfq_q_handle *queue;
	int fd, n, yes = 1;

	if (argc != 3 && (argc != 4 || strcmp(argv[3], "gso"))) {
		fprintf(stderr, "usage: accept QUEUE LENGTH [gso]\n");
		return 2;
	}
	if (!(h = nfq_open()))
		fail("nfq_open");
	if (!(queue = nfq_create_queue(h, atoi(argv[1]), judge, NULL)))
		fail("nfq_create_queue");
	if (nfq_set_mode(queue, NFQNL_COPY_PACKET, 0xffff) < 0)
		fail("nfq_set_mode");
	if (nfq_set_queue_maxlen(queue, atoi(argv[2])) < 0)
		fail("nfq_set_queue_maxlen");
	if (argc == 4 && nfq_set_queue_flags(queue, NFQA_CFG_F_GSO, NFQA_CFG_F_GSO) < 0)
		fail("nfq_set_queue_flags");
	nfnl_rcvbufsiz(nfq_nfnlh(h), 64 << 20);
	fd = nfq_fd(h);
	if (setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &yes, sizeof yes) < 0)
		fail("NETLINK_NO_ENOBUFS");
	puts("ready");
	fflush(stdout);
	for (;;) {
		if ((n = recv(fd, buf, sizeof buf, 0)) >= 0)
			nfq_handle_packet(h, buf, n);
		else if (errno != EINTR)
			fail("recv");
	}
}
