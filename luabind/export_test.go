package luabind

// Top is how many values are on the stack of the virtual machine between runs.
func (s *State) Top() int { return s.L.GetTop() }
