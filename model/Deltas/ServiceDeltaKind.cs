namespace Quorate.Model.Deltas;

/// <summary>What a new configuration does to one service.</summary>
/// <remarks>Source: rgmanager.md 2.9, service-level.</remarks>
public enum ServiceDeltaKind
{
    /// <summary>It is new: it is placed and, with autostart, started.</summary>
    Added,

    /// <summary>It is gone: its owner stops it.</summary>
    Removed,

    /// <summary>It stops as it was, and is then placed anew as it is now.</summary>
    Replaced,

    /// <summary>It keeps running on its node; some of its resources stop, start or are reconfigured there.</summary>
    Adjusted,
}
