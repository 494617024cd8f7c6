namespace Quorate.Tests.Integration.Engines;

/// <summary>Classes of this collection share the servers, not their databases or queue names.</summary>
[CollectionDefinition(RealEngines.Collection)]
public sealed class RealEnginesCollection : ICollectionFixture<RealEngines>;
