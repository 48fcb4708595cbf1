//go:build !linux

package iptables

import (
	"context"
	"errors"
	"os"
)

// There is no iptables elsewhere.

func openLock() (*os.File, error) { return nil, errors.ErrUnsupported }

func hold(context.Context, *os.File) (func(), error) { return nil, errors.ErrUnsupported }
