package main

import (
	"fmt"
	"runtime/debug"
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
	Contract target.Contract     `json:"contract"`
	Variants []scheduler.Ability `json:"variants"`
}

func (a *app) targets() *cobra.Command {
	return &cobra.Command{
		Use:   "targets",
		Short: "List what can be searched",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
			for _, t := range mapstress.Targets() {
				abilities := scheduler.Abilities(&t)
				if a.json {
					a.emit("target", targetObject{t.Name, t.Doc, t.Contract.Unsafe, t.Contract, abilities})
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
		Args:  cobra.NoArgs,
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

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			version, commit, built := "unknown", "", "unknown"
			if info, ok := debug.ReadBuildInfo(); ok {
				version, built = info.Main.Version, info.GoVersion
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						commit = s.Value
					}
				}
			}
			if a.json {
				a.emit("version", map[string]string{"version": version, "commit": commit, "go": built})
				return nil
			}
			fmt.Fprintf(a.stdout, "mapstress %s %s built with %s\n", version, commit, built)
			return nil
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
