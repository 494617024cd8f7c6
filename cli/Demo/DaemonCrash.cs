using System.Diagnostics;
using Quorate.Cli.Demo.Witness;

namespace Quorate.Cli.Demo;

/// <summary>Ends the daemon of a resource as a crash would: by SIGKILL, past its agent.</summary>
internal static class DaemonCrash
{
    /// <summary>False where the resource has no daemon.</summary>
    public static bool TryCause(WitnessFiles files, string resource)
    {
        if (files.FindProcess(resource) is not { } number)
        {
            return false;
        }

        try
        {
            using Process daemon = Process.GetProcessById(number);
            daemon.Kill();
            return true;
        }
        catch (ArgumentException)
        {
            // It ended by itself meanwhile.
            return false;
        }
    }
}
