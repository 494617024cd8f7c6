namespace Quorate.Scheduler.Core;

/// <summary>
/// What quorum found when it compared the database with what it remembers of it (rule S14). No decision is made from rows that were read
/// through a session with the database that quorum has not looked at since it was opened: they may be those of an earlier time.
/// </summary>
/// <param name="Era">Grows each time an operator accepts a database that went back.</param>
/// <param name="Generation">The newest membership in the database after that look.</param>
/// <param name="IsTrusted">False when the database had gone back.</param>
public sealed record ArbiterLook(int Era, long Generation, bool IsTrusted)
{
    /// <summary>
    /// Both together, in whatever order they were heard: only an operator's word, which begins an era, makes a database trusted again.
    /// </summary>
    public ArbiterLook With(ArbiterLook other) =>
        other.Era != Era ? (other.Era > Era ? other : this)
        : new ArbiterLook(Era, Math.Max(Generation, other.Generation), IsTrusted && other.IsTrusted);

    /// <summary>Why nothing may be decided under a membership; null when it may.</summary>
    /// <param name="membership">The newest that is stored. One from before the look may be one from before the database went back.</param>
    public string? ReasonAgainst(MembershipView membership) => this switch
    {
        _ when membership.Generation < Generation => $"quorum stands at generation {Generation}, and the stored membership at {membership.Generation}",
        { IsTrusted: false } when membership.IsQuorate => "the database went back (#1130), and the stored membership does not know that quorum dissolved",
        _ => null,
    };
}
