using System.Diagnostics;

namespace Quorate.Hosting.Crashing;

/// <summary>Kills this process (SIGKILL: nothing is flushed, no finally runs) the first time the chosen point is reached. Tests only.</summary>
internal sealed class KillingCrashPoint : ICrashPoint
{
    private readonly string _point;
    private readonly string? _messageType;
    private readonly string _marker;

    public KillingCrashPoint(string setting, string marker)
    {
        string[] parts = setting.Split(':', 2);
        _point = parts[0];
        _messageType = parts.Length > 1 ? parts[1] : null;
        _marker = marker;
    }

    public void Reached(string point, string? messageType)
    {
        if (point == _point && (_messageType is null || _messageType == messageType) && IsFirst())
        {
            using Process self = Process.GetCurrentProcess();
            self.Kill();
            // SIGKILL takes a moment to arrive; nothing behind this point may run until it does.
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private bool IsFirst()
    {
        if (_marker.Length == 0)
        {
            return true;
        }
        try
        {
            using FileStream made = new(_marker, FileMode.CreateNew, FileAccess.Write);
            return true;
        }
        catch (IOException) when (File.Exists(_marker))
        {
            return false;
        }
    }
}
