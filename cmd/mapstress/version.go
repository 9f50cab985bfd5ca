package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// A build says what this program was built from, as far as it knows.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"` // empty if not known
	Go      string `json:"go"`
}

func version() build {
	b := build{Version: "unknown", Go: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Go = info.GoVersion
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Commit = s.Value
		}
	}
	return b
}

// String returns the build on one line, such as
// "mapstress v1.2.0 built with go1.26.8".
func (b build) String() string {
	commit := ""
	if b.Commit != "" {
		commit = " " + b.Commit
	}
	return fmt.Sprintf("mapstress %s%s built with %s", b.Version, commit, b.Go)
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.json {
				a.emit("version", version())
				return nil
			}
			fmt.Fprintln(a.stdout, version())
			return nil
		},
	}
}
