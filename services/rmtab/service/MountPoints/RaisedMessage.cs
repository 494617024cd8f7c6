using System.Collections.Immutable;
using Quorate.Contracts.Catalogue;

namespace Quorate.Rmtab.Service.MountPoints;

/// <summary>A message of the catalogue and what stands in its places.</summary>
/// <param name="Message">Its number.</param>
/// <param name="Arguments">For the places of its template, in their order.</param>
public sealed record RaisedMessage(CatalogueMessage Message, ImmutableArray<string> Arguments);
