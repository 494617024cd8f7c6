using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Quorate.Quorum.Service.Fencing;

/// <summary>
/// All processes of one run of a fence agent, found by a mark in their environment: a child keeps it however often it forks, in whatever
/// session or group. A parent's end would hide it from a walk of the tree.
/// </summary>
/// <param name="mark">Not to be found anywhere else.</param>
internal sealed class FenceProcesses(string mark)
{
    /// <summary>The variable that carries the mark.</summary>
    public const string Variable = "FENCE_RUN";

    /// <summary>How long killed processes may take to be gone; one that hangs in the kernel is not waited for any longer.</summary>
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(20);

    private readonly byte[] _entry = Encoding.UTF8.GetBytes($"{Variable}={mark}");

    /// <summary>Kills what is left until nothing is: what forks meanwhile is found by the next look.</summary>
    /// <returns>False when something is left that does not die.</returns>
    public async Task<bool> EndAllAsync()
    {
        long began = Stopwatch.GetTimestamp();
        while (Find() is { Count: > 0 } left)
        {
            if (Stopwatch.GetElapsedTime(began) > GoneWithin)
            {
                return false;
            }

            left.ForEach(Kill);
            await Task.Delay(LookAgainAfter);
        }

        return true;
    }

    private List<int> Find()
    {
        List<int> found = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && IsMarked(directory))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>The environment of one that has ended, and of other users' processes, cannot be read: neither is ours to kill.</summary>
    private bool IsMarked(string directory)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(directory, "environ")).AsSpan().IndexOf(_entry) >= 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended by itself, or belongs to another user.
        }
    }
}
