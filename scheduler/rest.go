package scheduler

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// read reads a map that is at rest, with every method that reads, into c, whose
// memory it uses again.
func read(m *target.Map[uint64, uint64], keys []uint64, c *history.Contents) {
	*c = history.Contents{Loads: c.Loads[:0], Entries: c.Entries[:0]}
	if m.Load != nil {
		for _, key := range keys {
			value, ok := m.Load(key)
			c.Loads = append(c.Loads, history.Reading{Entry: history.Entry{Key: key, Value: value}, OK: ok})
		}
	}
	if m.Range != nil {
		limit := yieldLimit(len(keys))
		m.Range(func(key, value uint64) bool {
			c.Entries = append(c.Entries, history.Entry{Key: key, Value: value})
			return len(c.Entries) < limit
		})
		c.Ranged = len(c.Entries) < limit
	}
	if m.Len != nil {
		c.Len, c.HasLen = m.Len(), true
	}
}
