// Package tagroar is the map of an embeddable tag engine; the code lives in
// its subpackages tagset, query and export.
package tagroar
