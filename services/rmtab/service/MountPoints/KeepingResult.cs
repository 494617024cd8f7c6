using System.Collections.Immutable;
using Quorate.Rmtab.Core.Tables;

namespace Quorate.Rmtab.Service.MountPoints;

/// <summary>What became of one look at a mount point.</summary>
/// <param name="Clients">The clients below the mount point, as far as they could be read.</param>
/// <param name="IsChanged">Whether they differ from those of the look before.</param>
/// <param name="Raised">The catalogue's messages, in the order they happened; empty where all went well.</param>
public sealed record KeepingResult(ClientTable Clients, bool IsChanged, ImmutableArray<RaisedMessage> Raised)
{
    /// <summary>Whether every file was read and written.</summary>
    public bool IsWhole => Raised.IsEmpty;
}
