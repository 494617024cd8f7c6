namespace Quorate.Tests.Integration.Agents;

/// <summary>A test that runs Debian's own agents; skipped, by name of what is missing, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DebianAgentsFactAttribute : FactAttribute
{
    private static readonly (string File, string Package)[] Needed =
    [
        ("/usr/lib/ocf/resource.d/heartbeat/Filesystem", "resource-agents"), ("/sbin/modprobe", "kmod"), ("/sbin/ip", "iproute2"), ("/bin/fuser", "psmisc"), ("/sbin/mkfs.ext4", "e2fsprogs"),
    ];

    public DebianAgentsFactAttribute()
    {
        string[] missing = [.. Needed.Where(needed => !File.Exists(needed.File)).Select(needed => needed.Package)];
        if (missing.Length > 0)
        {
            Skip = $"Debian's agents cannot run here: apt-get install {string.Join(' ', missing)}";
        }
        else if (Environment.UserName != "root")
        {
            Skip = "mounting and addresses need root";
        }
    }
}
