namespace Quorate.Hosting.Bus;

/// <summary>By which way a message came to the queue it was read from.</summary>
/// <param name="Exchange">Where it was published, as the broker says; empty for the default exchange.</param>
/// <param name="Urn">The type whose exchange that is; null when it is of none.</param>
/// <param name="IsForeign">Neither of a type nor the queue's own: somebody's exchange that was bound to one of ours.</param>
internal sealed record MessageOrigin(string Exchange, string? Urn, bool IsForeign);
