package shrink

import (
	"context"
	"testing"
)

// TestLanes: what comes of a shrink does not depend on how many lanes there are, nor
// does what is told of it.
func TestLanes(t *testing.T) {
	for _, b := range bugs {
		for i, schedule := range failing(t, &b, 4) {
			var first string
			var told []string
			for _, lanes := range []int{1, 2, 5} {
				s := &simulation{seed: uint64(i), chance: b.chance}
				given, config, n := s.found(t, schedule), s.config(lanes), 0
				config.Tried = func(step Step) {
					text := step.Pass + step.Schedule.Text()
					if lanes == 1 {
						told = append(told, text)
					} else if n >= len(told) || told[n] != text {
						t.Fatalf("%s: with %d lanes step %d is another one: %s", b.name, lanes, n, text)
					}
					n++
				}
				c, err := Run(context.Background(), given, config)
				if err != nil {
					t.Fatal(err)
				}
				switch text := string(c.Format()); {
				case lanes == 1:
					first = text
				case text != first || n != len(told):
					t.Fatalf("%s: with %d lanes\n%swith one\n%s", b.name, lanes, text, first)
				}
			}
		}
	}
}
