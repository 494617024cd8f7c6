"""A systemd that runs nothing: org.freedesktop.systemd1 on a bus of its own, for the real systemctl to talk to.

It prints the address of its bus, then takes orders on its standard input and answers each with "ok":

  state UNIT ACTIVE_STATE TASKS   the unit is in this state; TASKS is a number, or - where nobody counts
  hold UNIT                       a stop of it ends only when a state is given

A unit has to be given a state before it can be started. It then starts and stops at once, but one whose name begins with "fails",
which fails to start. At the end of the input, or of whoever had the other end, all of this ends.
"""

import re
import subprocess
import sys
import tempfile
import uuid

import dbus
import dbus.bus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = "org.freedesktop.systemd1"
MANAGER = NAME + ".Manager"
ROOT = "/org/freedesktop/systemd1"
NOT_COUNTED = 2**64 - 1

# No user and no directory is needed for an abstract address, and whoever may run systemctl may speak here.
CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:abstract=quorate-test-%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


class Unit:
    def __init__(self, state="inactive", tasks=NOT_COUNTED):
        self.state, self.tasks = state, tasks
        self.is_held, self.job = False, 0

    def has_processes(self):
        return self.state in ("active", "deactivating") or self.tasks not in (0, NOT_COUNTED)

    def properties(self, name):
        return {
            "Id": name,
            "LoadState": "loaded",
            "ActiveState": self.state,
            "SubState": "dead" if self.state == "inactive" else self.state,
            "TasksCurrent": dbus.UInt64(self.tasks),
            "ControlGroup": "/system.slice/" + name if self.has_processes() else "",
            "Job": dbus.Struct((dbus.UInt32(self.job), dbus.ObjectPath(job_path(self.job) if self.job else "/")), signature="uo"),
            "Result": "exit-code" if self.state == "failed" else "success",
            "NeedDaemonReload": False,
            "TriggeredBy": dbus.Array([], signature="s"),
        }


def job_path(job):
    return "%s/job/%d" % (ROOT, job)


class Units(dbus.service.FallbackObject):
    """The object of each unit; one that is not there has one too, as in systemd."""

    def __init__(self, bus, units):
        super().__init__(bus, ROOT + "/unit")
        self.units = units

    def properties(self, path):
        name = re.sub("_([0-9a-f]{2})", lambda code: chr(int(code.group(1), 16)), path.rsplit("/", 1)[1])
        return self.units[name].properties(name) if name in self.units else {**Unit().properties(name), "LoadState": "not-found"}

    @dbus.service.method(dbus.PROPERTIES_IFACE, "s", "a{sv}", path_keyword="path")
    def GetAll(self, interface, path):
        return self.properties(path)

    @dbus.service.method(dbus.PROPERTIES_IFACE, "ss", "v", path_keyword="path")
    def Get(self, interface, name, path):
        return self.properties(path)[name]


class Manager(dbus.service.Object):
    def __init__(self, bus, units):
        super().__init__(bus, ROOT)
        self.units, self.jobs = units, 0

    @dbus.service.method(MANAGER)
    def Subscribe(self):
        pass

    @dbus.service.method(MANAGER, "s", "o")
    def GetUnit(self, name):
        self.find(name)
        return self.LoadUnit(name)

    @dbus.service.method(MANAGER, "s", "o")
    def LoadUnit(self, name):
        return dbus.ObjectPath("%s/unit/%s" % (ROOT, re.sub("[^A-Za-z0-9]", lambda letter: "_%02x" % ord(letter.group()), name)))

    @dbus.service.method(MANAGER, "ss", "o")
    def StartUnit(self, name, mode):
        unit = self.find(name)
        job = self.begin(unit)
        if name.startswith("fails"):
            self.end(name, "failed", NOT_COUNTED, "failed")
        else:
            self.end(name, "active", 1, "done")
        return job

    @dbus.service.method(MANAGER, "ss", "o")
    def StopUnit(self, name, mode):
        unit = self.find(name)
        job = self.begin(unit)
        if unit.is_held:
            # As where systemd does not count tasks: only the state tells that it has not stopped.
            unit.state, unit.tasks = "deactivating", NOT_COUNTED
        else:
            self.end(name, "failed" if unit.state == "failed" else "inactive", NOT_COUNTED, "done")
        return job

    @dbus.service.signal(MANAGER, "uoss")
    def JobRemoved(self, number, path, unit, result):
        pass

    def find(self, name):
        if name not in self.units:
            raise dbus.DBusException("Unit %s not found." % name, name=NAME + ".NoSuchUnit")
        return self.units[name]

    def begin(self, unit):
        # A second stop joins the job of the first.
        if not unit.job:
            self.jobs += 1
            unit.job = self.jobs
        return dbus.ObjectPath(job_path(unit.job))

    def end(self, name, state, tasks, result):
        unit = self.units[name]
        unit.state, unit.tasks = state, tasks
        job, unit.job = unit.job, 0
        if job:
            # Later: the caller must know its job before that ends.
            GLib.idle_add(lambda: self.JobRemoved(job, dbus.ObjectPath(job_path(job)), name, result))

    def order(self, words):
        if words[0] == "state":
            self.units.setdefault(words[1], Unit()).is_held = False
            self.end(words[1], words[2], NOT_COUNTED if words[3] == "-" else int(words[3]), "done")
        elif words[0] == "hold":
            self.find(words[1]).is_held = True
        else:
            raise ValueError("no such order: %s" % words)


def serve(address):
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(address)
    bus.set_exit_on_disconnect(False)
    owner = dbus.service.BusName(NAME, bus)  # let go of when it is collected
    units = {}
    objects = Units(bus, units)
    manager = Manager(bus, units)
    loop = GLib.MainLoop()

    def on_input(source, condition):
        line = sys.stdin.buffer.raw.readline().decode()  # unbuffered, else a second line would wait here unseen
        if not line:
            loop.quit()
            return False
        manager.order(line.split())
        print("ok", flush=True)
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, on_input)
    print(address, flush=True)
    loop.run()
    del owner, objects


def main():
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(CONFIGURATION % uuid.uuid4().hex)
        file.flush()
        daemon = subprocess.Popen(
            ["/usr/bin/dbus-daemon", "--nofork", "--nopidfile", "--print-address=1", "--config-file=" + file.name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        try:
            serve(daemon.stdout.readline().strip())
        finally:
            daemon.kill()
            daemon.wait()


if __name__ == "__main__":
    main()
