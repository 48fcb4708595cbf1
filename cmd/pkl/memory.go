package main

// What --memory of run may be, in MiB.
const (
	defaultMemory = 512
	minMemory     = 32
	maxMemory     = 1 << 20
)

// ballastSize is memory that is reserved and never touched, so it costs none.
// The garbage collector counts it as in use and comes the more seldom: after
// as much new garbage, instead of after 4 MiB. What a script keeps then counts
// as ever.
const ballastSize = 16 << 20

// liveGC is how much new garbage, in percent of what is in use, the collector waits
// for while packets are judged live: collecting takes the CPU from the packets.
const liveGC = 200

// newBallast returns what has to be kept alive as long as pkl runs.
func newBallast() []byte { return make([]byte, ballastSize) }
