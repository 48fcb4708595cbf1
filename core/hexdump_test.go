package core

import "testing"

func TestHexdump(t *testing.T) {
	b := []byte("GET / HTTP/1.1\r\n\x00\xff~")
	want := "0000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|\n" +
		"0010  00 ff 7e                                          |..~|"
	if got := string(AppendHexdump(nil, b)); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
	if got := AppendHexdump(nil, nil); len(got) != 0 {
		t.Errorf("nothing gives %q", got)
	}
	if got := string(appendOffset(nil, 0x12340)); got != "12340" {
		t.Error(got)
	}
}
