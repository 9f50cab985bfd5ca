package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mapstress/mapstress/internal/nearest"
)

// unknownFlag says which flag may have been meant.
func unknownFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	hint := ""
	if name := nearest.Name(unknown.GetSpecifiedName(), names); name != "" {
		hint = fmt.Sprintf("did you mean --%s? ", name)
	}
	return fmt.Errorf("unknown flag --%s; %s%s --help lists them all", unknown.GetSpecifiedName(), hint, cmd.CommandPath())
}

// unknownCommand refuses whatever is left of the root's arguments: what it knows
// are its subcommands.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return fmt.Errorf("unknown command %q; %smapstress help lists them all", args[0], nearest.Hint(args[0], names))
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no arguments; got %q", cmd.CommandPath(), args[0])
	}
	return nil
}
