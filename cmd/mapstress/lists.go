package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// A target object describes one target to machines.
type targetObject struct {
	Name     string              `json:"name"`
	Doc      string              `json:"doc"`
	Unsafe   bool                `json:"unsafe"`
	Contract contractObject      `json:"contract"`
	Variants []scheduler.Ability `json:"variants"`
}

func (a *app) targets() *cobra.Command {
	return &cobra.Command{
		Use:   "targets",
		Short: "List what can be searched",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
			for _, t := range mapstress.Targets() {
				abilities := scheduler.Abilities(&t)
				if a.json {
					a.emit("target", targetObject{t.Name, t.Doc, t.Contract.Unsafe, contractJSON(&t.Contract, abilities[0].Kinds), abilities})
					continue
				}
				fmt.Fprintf(w, "%s\t%s\n\tshapes: %s\n\tops: %s\n", t.Name, t.Doc, join(t.Shapes()), join(abilities[0].Kinds))
			}
			return w.Flush()
		},
	}
}

func (a *app) scenarios() *cobra.Command {
	return &cobra.Command{
		Use:   "scenarios",
		Short: "List the situations that schedules are made to force",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
			for _, s := range scenarios.All() {
				if a.json {
					a.emit("scenario", struct {
						Name string `json:"name"`
						Doc  string `json:"doc"`
					}{s.Name, s.Doc})
					continue
				}
				fmt.Fprintf(w, "%s\t%s\n", s.Name, s.Doc)
			}
			return w.Flush()
		},
	}
}

// join lists shapes or kinds.
func join[T fmt.Stringer](all []T) string {
	var words []string
	for _, x := range all {
		words = append(words, x.String())
	}
	return strings.Join(words, ", ")
}
