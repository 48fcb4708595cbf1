module pkl/bench

go 1.26.0

replace pkl => ..

require (
	github.com/gopacket/gopacket v1.7.0
	github.com/mdlayher/netlink v1.11.2
	pkl v0.0.0
)

require (
	github.com/google/go-cmp v0.7.0 // indirect
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/mdlayher/socket v0.6.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
)

require (
	github.com/florianl/go-nfqueue/v2 v2.1.0
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/sys v0.49.0
)
