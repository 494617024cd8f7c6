using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard;

/// <summary>What follows when stops are not proven by the stop deadline (rule S7).</summary>
internal sealed class Escalation(GuardOptions options, Log log)
{
    /// <summary>Destroys the node where that was promised; never waits for a disk.</summary>
    public void Escalate(string reason, bool isFirst)
    {
        if (!options.IsRebooting)
        {
            if (isFirst)
            {
                log.NotEscalating(reason);
            }

            return;
        }

        // No sync before it: a disk that hangs must not keep the node alive.
        log.Rebooting(reason);
        if (Libc.Reboot(Libc.RebootRestart) != 0)
        {
            log.RebootFailed(Libc.Failure("reboot").Message);
        }
    }
}
