using Quorate.Contracts;

namespace Quorate.Model.Configuration;

/// <summary>What a service asks of another: that it runs, or does not, and where.</summary>
/// <param name="Target">The other service; always a configured one.</param>
/// <param name="Require">Whether it must run.</param>
/// <param name="Colocate">Where it must or must not run, as long as it does.</param>
/// <remarks>Source: rgmanager.md 1.4 (depend, depend_mode), 3.11 and 4.6; <c>dependencies/dependency/target</c>.</remarks>
public sealed record ServiceDependency(ServiceName Target, Requirement Require, Colocation Colocate);
