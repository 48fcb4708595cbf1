module pkl/bench

go 1.26.0

replace pkl => ..

require (
	github.com/gopacket/gopacket v1.7.0
	pkl v0.0.0
)

require (
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)
