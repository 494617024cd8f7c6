namespace Quorate.Model.Configuration;

/// <summary>Where the other service runs.</summary>
public enum Colocation
{
    /// <summary>It does not matter.</summary>
    None,

    /// <summary>On the same node.</summary>
    Always,

    /// <summary>On another node.</summary>
    Never,
}
