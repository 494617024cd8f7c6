namespace Quorate.Model.Resources;

/// <summary>What the failure of a subtree may cost: <c>__independent_subtree</c>.</summary>
/// <remarks>Source: rgmanager.md 1.6 and 2.8.</remarks>
public enum Independence
{
    /// <summary>The whole service is recovered.</summary>
    None,

    /// <summary>The subtree alone is restarted where it is; the service only once that happened too often.</summary>
    Independent,

    /// <summary>The same, and once that happened too often, or at once where no restarts are given, the subtree is left stopped and the service runs on without it.</summary>
    NonCritical,
}
