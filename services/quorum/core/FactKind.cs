namespace Quorate.Quorum.Core;

/// <summary>The kinds of <see cref="Fact"/>.</summary>
public enum FactKind
{
    Silent,

    Lost,

    Withdrawn,

    EnoughVotes,

    Formed,

    Fencing,

    Distrusted,
}
