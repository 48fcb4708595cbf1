package main

// rng is splitmix64: small, fast, and the same sequence on every machine and with every Go release.
type rng uint64

// next returns 64 random bits.
func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (r *rng) below(n int) int {
	return int(r.next() >> 33 % uint64(n))
}

// skewed returns a number from 0 to n-1, small ones more often, as a few hosts make most of the traffic.
func (r *rng) skewed(n int) int {
	return r.below(r.below(n) + 1)
}

// percent is true p times of a hundred.
func (r *rng) percent(p int) bool {
	return r.below(100) < p
}
