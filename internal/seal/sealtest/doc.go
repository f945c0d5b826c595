// Package sealtest gives tests sealed streams that were damaged in every way that
// is told apart, with the error that opening each must give.
package sealtest
