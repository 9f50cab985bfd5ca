package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
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
	var explain bool
	var file string
	cmd := &cobra.Command{
		Use:   "targets [TARGET]",
		Short: "List what can be searched, or tell what is made of a map",
		Long: `Targets lists the targets that mapstress knows without being told, or one of them.

Of a map that is named by a package and an expression it tells what is made of its
methods, as fuzz does before it searches. --write keeps that as Go source: a test
that uses mapstress.Check, for you to edit.`,
		Example: `  mapstress targets
  mapstress targets 'sync Map' --explain
  mapstress targets './internal/cache New[string,int]()' --write internal/cache/stress_test.go`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 0 && (explain || file != "") {
				return fmt.Errorf("tell of what? Want one map, as a package and an expression; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && (explain || file != "" || strings.Contains(strings.TrimSpace(args[0]), " ")) {
				return a.tell(cmd.Context(), args[0], file)
			}
			all := mapstress.Targets()
			if len(args) == 1 {
				t, err := mapstress.FindTarget(args[0])
				if err != nil {
					return err
				}
				all = []target.Target{t}
			}
			w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
			for _, t := range all {
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
	cmd.Flags().BoolVar(&explain, "explain", false, "tell what is made of the map's methods (the default of a map)")
	cmd.Flags().StringVar(&file, "write", "", "file to write the adapter to, as a test; it must not be there yet")
	return cmd
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
