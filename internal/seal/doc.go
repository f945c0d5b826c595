// Package seal encrypts streams and frames of logs with AES-256-GCM.
package seal
