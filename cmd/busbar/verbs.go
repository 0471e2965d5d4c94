package main

import "github.com/spf13/cobra"

// verbs adds every verb, in the order a planner meets them.
func (a *app) verbs(root *cobra.Command) {
	root.AddCommand(a.new(), a.check(), a.run(), a.show(), a.report(), a.explain(), a.compare(), a.solve(), a.export(), a.importing(), a.doctor())
}
