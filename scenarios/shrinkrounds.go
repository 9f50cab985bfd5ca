package scenarios

import "github.com/mapstress/mapstress/scheduler"

// fewerRounds gives each run a map of its own, or has a map last for fewer rounds; then it
// halves the rounds themselves, of which there are twice as many, so that as much is done to a
// map as before.
func fewerRounds(s *scheduler.Schedule) (edits []edit) {
	if s.Rounds < 2 {
		return nil
	}
	for _, part := range []int{s.Rounds, 64, 8, 2} {
		edits = append(edits, func(c *scheduler.Schedule) {
			c.Rounds /= part
			c.FewerRounds() // one is none
		})
	}
	longest := 0
	for _, ops := range s.Workers {
		longest = max(longest, len(ops))
	}
	half := (longest + 1) / 2
	for _, from := range []int{0, half} {
		edits = append(edits, func(c *scheduler.Schedule) {
			dropFromAll(c, from, half)
			c.Rounds *= 2
		})
	}
	return edits
}
