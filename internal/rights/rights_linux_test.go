package rights

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pkl/internal/netns/netlab"
)

// programs are this program and, as how calls reach all threads depends on it,
// a static one.
func programs(t *testing.T) map[string]string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("giving up rights needs root, who has them")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	static := filepath.Join(t.TempDir(), "rights.test")
	cmd := exec.Command("go", "test", "-c", "-o", static, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the static program: %v: %s", err, out)
	}
	return map[string]string{"this": self, "static": static}
}

// play runs a scenario and returns what it printed.
func play(t *testing.T, cmd *exec.Cmd, name string) string {
	t.Helper()
	cmd.Env = append(os.Environ(), scenario+"="+name)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

func TestApply(t *testing.T) {
	for kind, program := range programs(t) {
		t.Run(kind, func(t *testing.T) {
			t.Run("threads", func(t *testing.T) { testThreads(t, program) })
			t.Run("few", func(t *testing.T) { testFew(t, program) })
			t.Run("files", func(t *testing.T) { testFiles(t, program) })
			t.Run("children", func(t *testing.T) { testChildren(t, program) })
			t.Run("raw", func(t *testing.T) { play(t, exec.Command(program), "raw") })
			t.Run("iptables", func(t *testing.T) { testIptables(t, program) })
			t.Run("confined", func(t *testing.T) { testConfined(t, program) })
		})
	}
}

// admin is the set of NetAdmin alone: bit 12 (include/uapi/linux/capability.h).
const admin = "0000000000001000"

// caps is how threads prints sets.
func caps(kept, bound, ambient string) string {
	return "CapInh " + kept + ", CapPrm " + kept + ", CapEff " + kept + ", CapBnd " + bound + ", CapAmb " + ambient + ", NoNewPrivs 1\n"
}

const none = "0000000000000000"

// testThreads: every thread has the same, and no more than is to stay.
func testThreads(t *testing.T, program string) {
	got := play(t, exec.Command(program), "threads")
	if !strings.HasPrefix(got, "Uid 0 0 0 0, ") || !strings.HasSuffix(got, caps(admin, admin, none)) || strings.Count(got, "\n") != 1 {
		t.Errorf("threads have:\n%s", got)
	}
	got = play(t, exec.Command(program, "nobody"), "threads")
	want := "Uid 65534 65534 65534 65534, Gid 65534 65534 65534 65534, Groups 65534, " + caps(admin, admin, admin)
	if got != want {
		t.Errorf("threads of nobody have:\n%swant:\n%s", got, want)
	}
}

// testFew: who was started with few capabilities can still give them up; its
// bounding set is as it was.
func testFew(t *testing.T, program string) {
	netlab.Need(t, "setpriv")
	few := []string{"--bounding-set", "-all,+net_raw,+net_admin", "--inh-caps", "-all", program}
	got := play(t, exec.Command("setpriv", few...), "threads")
	if !strings.HasSuffix(got, caps(admin, "0000000000003000", none)) || strings.Count(got, "\n") != 1 {
		t.Errorf("threads have:\n%s", got)
	}
	bare := []string{"--bounding-set", "-all", "--inh-caps", "-all", program}
	if got := play(t, exec.Command("setpriv", bare...), "threads"); !strings.HasSuffix(got, caps(none, none, none)) {
		t.Errorf("threads have:\n%s", got)
	}
	cmd := exec.Command("setpriv", append(bare, "nobody")...)
	cmd.Env = append(os.Environ(), scenario+"=threads")
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "giving up rights: user: nobody: ") {
		t.Errorf("changing the user without the right: %v: %s", err, out)
	}
}

func testFiles(t *testing.T, program string) {
	dir := t.TempDir()
	for d := dir; d != os.TempDir(); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	file := func(name string, uid, gid int, mode os.FileMode) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(name, uid, gid); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		return name
	}
	roots, others, groups := file("root", 0, 0, 0o400), file("other", 1, 1, 0o600), file("group", 0, 65534, 0o640)
	play(t, exec.Command(program, roots, others), "root")
	play(t, exec.Command(program, "nobody", roots, groups), "user")
}

// testChildren: programs that are started have the same capabilities, those of
// root and of others.
func testChildren(t *testing.T, program string) {
	want := "CapPrm " + admin + "\nCapEff " + admin + "\n"
	if got := play(t, exec.Command(program), "children"); got != want {
		t.Errorf("a child has:\n%s", got)
	}
	if got := play(t, exec.Command(program, "nobody"), "children"); got != want {
		t.Errorf("a child of nobody has:\n%s", got)
	}
}

// testIptables: a rule can still be removed, by root and by others.
func testIptables(t *testing.T, program string) {
	ns := netlab.Namespace(t, netlab.New(t), "a")
	netlab.Need(t, "iptables", "ip6tables")
	for _, args := range [][]string{
		{"iptables", ""}, {"ip6tables", ""}, {"iptables", "", "nobody"}, {"ip6tables", "", "nobody"},
	} {
		play(t, ns.Command(t.Context(), program, args...), "iptables")
	}
	if out, err := ns.Run(t.Context(), "iptables-legacy", "-S"); err != nil {
		t.Logf("no iptables without nf_tables here: %s", out)
		return
	}
	play(t, ns.Command(t.Context(), program, "iptables-legacy", "raw"), "iptables")
}

func testConfined(t *testing.T, program string) {
	if !Landlock() {
		t.Skip("this kernel has no Landlock")
	}
	in, out := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(out, "old"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	play(t, exec.Command(program, in, out), "confined")
	entries, err := os.ReadDir(out)
	if names := []string{entries[0].Name(), entries[len(entries)-1].Name()}; err != nil || len(entries) != 2 || !slices.Equal(names, []string{"old", "opened"}) {
		t.Errorf("afterwards there is %v %v", entries, err)
	}
	if text, err := os.ReadFile(filepath.Join(out, "opened")); string(text) != "sti" {
		t.Errorf("the file that was open holds %q %v", text, err)
	}
}

func TestLookup(t *testing.T) {
	root, err := Lookup("root")
	if err != nil || root.UID != 0 || root.GID != 0 || root.Name != "root" || !slices.Contains(root.Groups, 0) {
		t.Errorf("root is %+v, %v", root, err)
	}
	if byNumber, err := Lookup("0"); err != nil || byNumber.Name != "root" {
		t.Errorf("user 0 is %+v, %v", byNumber, err)
	}
	for _, name := range []string{"pkl-no-such-user", "4294967290", ""} {
		if a, err := Lookup(name); err == nil || !strings.Contains(err.Error(), "no user "+name) {
			t.Errorf("%q is %+v, %v", name, a, err)
		}
	}
}

// TestMissing: a place that is to be excepted must be there.
func TestMissing(t *testing.T) {
	err := Cut{Confine: true, Writable: []string{"/nowhere/at/all"}}.confine()
	if err == nil || !strings.Contains(err.Error(), "/nowhere/at/all") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
