package main

import "github.com/spf13/pflag"

// A once is the value of a flag that may be given one time: of two, one would
// be forgotten.
type once struct {
	pflag.Value
	times int
}

func (o *once) Set(text string) error {
	o.times++
	return o.Value.Set(text)
}

// parseOnce is parse for a command whose flags, but for those that collect, may
// be given one time each.
func parseOnce(f *pflag.FlagSet, args []string) error {
	f.VisitAll(func(f *pflag.Flag) {
		switch f.Value.Type() {
		case "string", "int", "mark":
			if _, collects := f.Value.(decodeAs); !collects {
				f.Value = &once{Value: f.Value}
			}
		}
	})
	err := parse(f, args)
	if err != nil {
		return err
	}
	f.Visit(func(given *pflag.Flag) {
		if o, ok := given.Value.(*once); ok && o.times > 1 && err == nil {
			err = usagef(f.Name(), "%s: --%s is given twice", f.Name(), given.Name)
		}
	})
	return err
}
