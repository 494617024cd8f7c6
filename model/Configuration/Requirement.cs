namespace Quorate.Model.Configuration;

/// <summary>Whether the other service must run.</summary>
public enum Requirement
{
    /// <summary>It does not matter.</summary>
    None,

    /// <summary>For a start; what runs goes on when the other stops (<c>depend_mode="soft"</c>).</summary>
    Start,

    /// <summary>Always: it stops when the other does (<c>depend_mode="hard"</c>).</summary>
    Always,

    /// <summary>Never: both never run at once.</summary>
    Never,
}
