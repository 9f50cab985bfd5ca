package scenarios

import "github.com/mapstress/mapstress/scheduler"

// fewerRounds gives each run a map of its own, or has a map last for fewer rounds.
func fewerRounds(s *scheduler.Schedule) (edits []edit) {
	for _, part := range []int{s.Rounds, 64, 8, 2} {
		if part > 0 && s.Rounds/part < s.Rounds {
			edits = append(edits, func(c *scheduler.Schedule) {
				c.Rounds /= part
				c.FewerRounds() // one is none
			})
		}
	}
	return edits
}
