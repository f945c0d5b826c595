package scaling

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tagroar/tagroar/bench/measure"
)

// A Record is what one picture shows, and how it came about.
type Record struct {
	Made    time.Time       `json:"made"`
	Machine measure.Machine `json:"machine"`
	Commit  string          `json:"commit,omitempty"`
	Command string          `json:"command"`
	Points  []Point         `json:"points"`
}

// Run measures a picture and writes its record and drawing into the folder.
func Run(name, folder string, o Options) error {
	d, err := defined(name)
	if err != nil {
		return err
	}
	r := Record{Made: time.Now().UTC().Truncate(time.Second), Machine: measure.This(), Commit: o.Commit, Command: o.Command}
	if r.Points, err = d.measure(o); err != nil {
		return fmt.Errorf("scaling %s: %w", name, err)
	}
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("scaling %s as JSON: %w", name, err)
	}
	if err := os.WriteFile(recordFile(folder, name), append(b, '\n'), 0o644); err != nil {
		return err
	}
	return Draw(name, folder)
}

// Draw draws a picture from its record in the folder.
func Draw(name, folder string) error {
	d, err := defined(name)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(recordFile(folder, name))
	if err != nil {
		return err
	}
	var r Record
	if err := json.Unmarshal(b, &r); err != nil {
		return fmt.Errorf("%s: %w", recordFile(folder, name), err)
	}
	f, err := os.Create(filepath.Join(folder, name+".svg"))
	if err != nil {
		return err
	}
	if _, err := d.picture(r).WriteTo(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func recordFile(folder, name string) string { return filepath.Join(folder, name+".json") }

func defined(name string) (definition, error) {
	for _, d := range definitions {
		if d.name == name {
			return d, nil
		}
	}
	return definition{}, fmt.Errorf("scaling: there is no picture %q", name)
}
