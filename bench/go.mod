module pkl/bench

go 1.26.0

replace pkl => ..

require github.com/gopacket/gopacket v1.7.0

require (
	golang.org/x/net v0.55.0 // indirect
	golang.org/x/sys v0.45.0 // indirect
)
