package main

import "github.com/mapstress/mapstress/history"

// An eventSource hands out the events of a history, in order of their calls. What it
// Held has the prefill once there was an event, and what was read at rest at the end.
type eventSource interface {
	Scan() bool
	Event() *history.Event
	Err() error
	Held() *history.History
}

// scannedEvents are read one by one.
type scannedEvents struct{ *history.Scanner }

func (s scannedEvents) Held() *history.History { return &s.History }

// heldEvents are in memory: JSON lines may be in any order.
type heldEvents struct {
	history *history.History
	next    int
}

func (h *heldEvents) Scan() bool {
	h.next++
	return h.next <= len(h.history.Events)
}

func (h *heldEvents) Event() *history.Event  { return &h.history.Events[h.next-1] }
func (h *heldEvents) Err() error             { return nil }
func (h *heldEvents) Held() *history.History { return h.history }
