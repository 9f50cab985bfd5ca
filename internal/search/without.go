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
	left := map[string]bool{}
	all := slices.Clone(targets)
	for i := range all {
		d := &all[i]
		d.Variants = slices.Clone(d.Variants)
		for n := range d.Variants {
			v := &d.Variants[n]
			v.Kinds = slices.DeleteFunc(slices.Clone(v.Kinds), func(k history.Kind) bool { return drop(ops, k.String(), left) })
			v.Custom = slices.DeleteFunc(slices.Clone(v.Custom), func(name string) bool { return drop(ops, name, left) })
		}
	}
	for _, op := range ops {
		if left[op] {
			continue
		}
		if len(targets) == 1 {
			return nil, fmt.Errorf("no op %q to leave out: %s has %s", op, targets[0].Name, strings.Join(opsOf(targets), ", "))
		}
		return nil, fmt.Errorf("no op %q to leave out: the targets have %s", op, strings.Join(opsOf(targets), ", "))
	}
	return all, nil
}

// drop reports whether an op is one of those, and notes that there is one of that name.
func drop(ops []string, op string, left map[string]bool) bool {
	if !slices.Contains(ops, op) {
		return false
	}
	left[op] = true
	return true
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
