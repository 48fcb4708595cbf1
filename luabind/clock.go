package luabind

import "time"

// began is where time is counted from that no setting of the clock moves. It is
// one for the process: states hand on times in shared maps.
var began = time.Now()

// now is the time of day: of the packet in hand where a file is read, else of the clock.
func (s *State) now() time.Time {
	switch {
	case s.cfg.FileTime && s.clock != 0:
		return time.Unix(0, s.clock)
	case s.cfg.Now != nil:
		return s.cfg.Now()
	}
	return time.Now()
}

// instant is now for timers and the ends of shared values: if the clock is set
// meanwhile, they take no notice.
func (s *State) instant() time.Time {
	if s.cfg.FileTime && s.clock != 0 || s.cfg.Now != nil {
		return s.now()
	}
	return began.Add(time.Since(began))
}

// sharedTime is instant in nanoseconds, 0 before the first packet of a file.
func (s *State) sharedTime() int64 {
	if s.cfg.FileTime && s.clock == 0 {
		return 0
	}
	return s.instant().UnixNano()
}

// at is an instant, given in nanoseconds. time.Until is right for it.
func (s *State) at(ns int64) time.Time {
	if s.cfg.FileTime || s.cfg.Now != nil {
		return time.Unix(0, ns)
	}
	return began.Add(time.Duration(ns - began.UnixNano()))
}
