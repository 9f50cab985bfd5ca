package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mapstress/mapstress/internal/nearest"
)

// wrongFlag says what is wrong with a flag in the words of who typed it: which one may have been
// meant, or what its value should be.
func wrongFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	all := cmd.CommandPath() + " --help lists them all"
	switch {
	case errors.As(err, &invalid):
		name, want := invalid.GetFlag().Name, valueOf(invalid.GetFlag())
		if want == "" { // the flag's own type knows
			return fmt.Errorf("--%s: %w", name, invalid.Unwrap())
		}
		return fmt.Errorf("--%s %q; want %s", name, invalid.GetValue(), want)
	case errors.As(err, &missing):
		want := valueOf(missing.GetFlag())
		if want != "" {
			want = "; want " + want
		}
		return fmt.Errorf("--%s without a value%s", missing.GetFlag().Name, want)
	case !errors.As(err, &unknown):
		return err
	case unknown.GetSpecifiedShortnames() != "":
		return fmt.Errorf("unknown flag -%s; %s", unknown.GetSpecifiedName(), all)
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	hint := ""
	if name := nearest.Name(unknown.GetSpecifiedName(), names); name != "" {
		hint = fmt.Sprintf("did you mean --%s? ", name)
	}
	return fmt.Errorf("unknown flag --%s; %s%s", unknown.GetSpecifiedName(), hint, all)
}

// valueOf says what values a flag has, if its type is none of ours.
func valueOf(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "duration":
		return "a time such as 30s or 10m"
	case "int":
		return "a whole number"
	case "uint64":
		return "a whole number from 0 to 18446744073709551615"
	case "float64":
		return "a number such as 0.5"
	case "bool":
		return "true or false"
	}
	return ""
}

// emptyLists refuses lists that are given and have nothing in them, which would be taken for all
// there is.
func emptyLists(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if list, is := f.Value.(pflag.SliceValue); is && len(list.GetSlice()) == 0 && err == nil {
			err = fmt.Errorf("--%s without a value; leave it out for the default", f.Name)
		}
	})
	return err
}

// helpCommand is cobra's, but that what is no command is a mistake.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
			if of, _, err := cmd.Root().Find(args); err == nil {
				for _, sub := range of.Commands() {
					names = append(names, sub.Name()+"\t"+sub.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err == nil && len(rest) > 0 {
				err = unknownCommand(cmd.Root(), rest)
			}
			if err != nil {
				return err
			}
			return of.Help()
		},
	}
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
