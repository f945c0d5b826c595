// Command reliability prints what the acceptance battery has shown, as the
// Markdown table of the README: what was run, how much of it, with which seeds,
// what was lost, and when. What was not run, or not to its whole size, it says.
//
//	go run ./internal/battery/reliability [-json file] [-zh]
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/tagroar/tagroar/internal/battery"
)

func main() {
	file := flag.String("json", battery.File, "the results, a line each")
	chinese := flag.Bool("zh", false, "in Chinese")
	flag.Parse()
	results, err := battery.Read(*file)
	if err != nil {
		fmt.Fprintln(os.Stderr, "reliability:", err)
		os.Exit(1)
	}
	words := english
	if *chinese {
		words = mandarin
	}
	fmt.Print(table(battery.Parts(), results, words))
}
