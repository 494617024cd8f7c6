namespace Quorate.Tests.Integration.Guard;

/// <summary>A test that has systemctl talk to a systemd of its own; skipped, by name of what is missing, where it cannot. ./test installs all but systemd.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SystemctlFactAttribute : FactAttribute
{
    private static readonly (string File, string Package)[] Needed =
    [
        ("/usr/bin/systemctl", "systemd"), ("/usr/bin/dbus-daemon", "dbus-daemon"), ("/usr/bin/unshare", "util-linux"), ("/usr/bin/python3", "python3"),
        ("/usr/lib/python3/dist-packages/dbus/__init__.py", "python3-dbus"), ("/usr/lib/python3/dist-packages/gi/__init__.py", "python3-gi"),
    ];

    public SystemctlFactAttribute()
    {
        string[] missing = [.. Needed.Where(needed => !File.Exists(needed.File)).Select(needed => needed.Package)];
        if (missing.Length > 0)
        {
            Skip = $"systemctl cannot be tried here: apt-get install {string.Join(' ', missing)}";
        }
        else if (Environment.UserName != "root")
        {
            Skip = "hiding the machine's own systemd from systemctl needs root";
        }
    }
}
