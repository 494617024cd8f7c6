namespace Quorate.Tests.Integration.Quorum;

/// <summary>A test that needs Debian's package fence-agents; skipped, and says so, where it is missing. ./test installs it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DebianFenceAgentsFactAttribute : FactAttribute
{
    public DebianFenceAgentsFactAttribute()
    {
        if (!File.Exists("/usr/sbin/fence_dummy"))
        {
            Skip = "Debian's fence agents are not here: apt-get install fence-agents";
        }
    }
}
