namespace Quorate.Tests.Integration.Engines;

/// <inheritdoc cref="RealEnginesCollection"/>
[CollectionDefinition(RealEngines.SecondCollection)]
public sealed class RealEnginesSecondCollection : ICollectionFixture<RealEngines>;
