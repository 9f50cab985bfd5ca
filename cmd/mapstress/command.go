package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"
)

// An app is what the subcommands share.
type app struct {
	stdout, stderr io.Writer
	log            zerolog.Logger
	json           bool
	corpus         string
	logLevel       string
}

// Main runs the command line and returns the exit code.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	to := &results{Writer: stdout}
	a := &app{stdout: to, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(to)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	lost := to.lost()
	if lost != nil && (err == nil || errors.Is(err, lost)) {
		err = brokenError{lost}
	}
	code := exitCode(err)
	if lost != nil && !errors.Is(err, lost) {
		fmt.Fprintf(stderr, "mapstress: %v\n", lost)
	}
	var told reported
	if !errors.As(err, &told) && code != exitClean && code != exitFinding && code != exitInterrupted {
		fmt.Fprintf(stderr, "mapstress: %v\n", err)
	}
	return code
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "mapstress",
		Short: "Find concurrency bugs in Go maps",
		Long: `mapstress runs concurrent schedules of operations against a map while it
disturbs goroutine timing, judges what came of them, makes what failed smaller,
and keeps it as a file that replays.

Exit codes: 0 clean; 1 finding; 2 usage, configuration or build error;
70 mapstress itself broke; 130 interrupted, after writing what it had.`,
		Example: `  mapstress fuzz --duration 30s
  mapstress fuzz sync.Map --duration 10m
  mapstress replay testdata/mapstress/map/1a2b3c4d.txtar`,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Version:       version().String(),
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := emptyLists(cmd); err != nil {
				return err
			}
			level, err := zerolog.ParseLevel(a.logLevel)
			if err != nil || a.logLevel == "" {
				return fmt.Errorf("log level %q; want one of trace, debug, info, warn, error, disabled", a.logLevel)
			}
			a.log = zerolog.New(zerolog.ConsoleWriter{
				Out: a.stderr, NoColor: !colored(a.stderr), TimeFormat: time.TimeOnly,
			}).Level(level).With().Timestamp().Logger()
			return nil
		},
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(wrongFlag)
	root.SetHelpCommand(helpCommand())
	flags := root.PersistentFlags()
	flags.BoolVar(&a.json, "json", false, "write JSON to standard output, one object a line (docs/json.md)")
	flags.StringVar(&a.corpus, "corpus", "testdata/mapstress", "directory of kept cases")
	flags.StringVar(&a.logLevel, "log-level", "warn", "least level to log to standard error: trace, debug, info, warn, error, disabled")
	root.AddCommand(a.fuzz(), a.explore(), a.soak(), a.replay(), a.shrink(), a.reproduce(), a.bisect(), a.probe(), a.check(), a.targets(), a.scenarios(), a.versionCommand())
	return root
}
