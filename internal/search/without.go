package search

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scheduler"
)

// leaveOut returns the targets as they would be if they did not have the ops of those names,
// which are kinds or methods of their own. None may be one that no target has.
func leaveOut(targets []wire.Description, ops []string) ([]wire.Description, error) {
	if len(ops) == 0 {
		return targets, nil
	}
	has := opsOf(targets)
	for _, op := range ops {
		if slices.Contains(has, op) {
			continue
		}
		who := "the targets have"
		if len(targets) == 1 {
			who = targets[0].Name + " has"
		}
		return nil, fmt.Errorf("no op %q to leave out: %s %s", op, who, strings.Join(has, ", "))
	}
	targets = slices.Clone(targets)
	for i := range targets {
		d := &targets[i]
		d.Variants = slices.Clone(d.Variants)
		for n := range d.Variants {
			v := &d.Variants[n]
			v.Kinds = slices.DeleteFunc(slices.Clone(v.Kinds), func(k history.Kind) bool { return slices.Contains(ops, k.String()) })
			v.Custom = slices.DeleteFunc(slices.Clone(v.Custom), func(name string) bool { return slices.Contains(ops, name) })
		}
	}
	return targets, nil
}

// opsOf returns the names of all ops that targets have in any shape.
func opsOf(targets []wire.Description) (names []string) {
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range targets {
		for _, v := range targets[i].Variants {
			for _, k := range v.Kinds {
				add(k.String())
			}
			for _, name := range v.Custom {
				add(name)
			}
		}
	}
	return names
}

// calls reports whether a schedule has one of the ops.
func calls(s *scheduler.Schedule, ops []string) bool {
	for _, worker := range s.Workers {
		for _, op := range worker {
			if slices.Contains(ops, op.Kind.String()) || op.Kind == history.Custom && slices.Contains(ops, op.Name) {
				return true
			}
		}
	}
	return false
}
